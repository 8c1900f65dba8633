import { type ClassValue, clsx } from "clsx";
import { twMerge } from "tailwind-merge";

/** Class names, of which the later ones win. */
export function cn(...classes: ClassValue[]): string {
  return twMerge(clsx(classes));
}
