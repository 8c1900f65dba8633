/** Being left in peace for a while. */
import { toast } from "sonner";
import { api, call, explain } from "@/api/client";
import { until } from "@/lib/time";

const MINUTE = 60_000;

/** For how long, and when that ends. */
export const PAUSES: readonly (readonly [string, () => Date])[] = [
  ["For 30 minutes", () => new Date(Date.now() + 30 * MINUTE)],
  ["For 1 hour", () => new Date(Date.now() + 60 * MINUTE)],
  ["For 4 hours", () => new Date(Date.now() + 240 * MINUTE)],
  ["Until tomorrow morning", () => morning(1)],
  ["Until Monday morning", () => morning((8 - new Date().getDay()) % 7 || 7)],
];

/** Eight o'clock in so many days. */
export function morning(days: number, now = new Date()): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 8);
}

/** Leaves the person in peace until then, or not any more. */
export async function disturb(end: Date | null): Promise<void> {
  try {
    await call(api.PUT("/me/dnd", { body: { until: end?.toISOString() ?? null } }));
    toast(end ? `Nothing disturbs you ${until(end.toISOString())}.` : "You are told of new messages again.");
  } catch (error) {
    toast.error(explain(error));
  }
}
