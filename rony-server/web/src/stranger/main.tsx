import { createRoot } from "react-dom/client";
import { Toaster } from "sonner";
import { followTheme } from "@/lib/theme";
import "@/styles.css";
import { Stranger } from "./stranger";

followTheme();

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
createRoot(root).render(
  <>
    <Stranger token={window.location.pathname.replace(/\/$/, "").split("/").at(-1) ?? ""} />
    <Toaster position="bottom-center" toastOptions={{ className: "!font-sans !bg-raised !text-text !border-border" }} />
  </>,
);
