import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const button = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium transition-colors disabled:pointer-events-none disabled:opacity-50 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-accent text-on-accent hover:bg-accent-hover",
        plain: "border bg-raised hover:bg-hover",
        ghost: "hover:bg-hover",
        danger: "bg-danger text-on-danger hover:opacity-90",
        link: "text-link underline-offset-4 hover:underline",
      },
      size: {
        normal: "h-10 px-4 text-sm",
        small: "h-8 px-3 text-sm",
        icon: "size-9 text-soft hover:text-text [&_svg]:size-[18px]",
        "icon-small": "size-7 rounded-md text-soft hover:text-text [&_svg]:size-4",
        inline: "h-auto p-0 text-sm",
      },
    },
    defaultVariants: { look: "primary", size: "normal" },
  },
);

interface Props extends ComponentProps<"button">, VariantProps<typeof button> {
  asChild?: boolean;
}

/** A button. One with an icon alone needs an `aria-label`. */
export function Button({ className, look, size, asChild, type = "button", ...props }: Props) {
  const Element = asChild ? Slot.Root : "button";
  return <Element type={type} className={cn(button({ look, size }), className)} {...props} />;
}
