import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Toaster } from "sonner";
import { App } from "@/app";
import { startOffline } from "@/lib/offline";
import { followTheme } from "@/lib/theme";
import "@/styles.css";

followTheme();
if (import.meta.env.PROD) startOffline();

const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 10_000 } } });
const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <App />
      <Toaster
        position="bottom-center"
        toastOptions={{ className: "!font-sans !bg-raised !text-text !border-border" }}
      />
    </QueryClientProvider>
  </StrictMode>,
);
