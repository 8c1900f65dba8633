/** The mark of the program. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" className={className} aria-hidden="true">
      <rect width="64" height="64" rx="15" fill="#4f46e5" />
      <path
        d="M20 16h15.5C43.5 16 48 20.4 48 26.600c0 4.900-2.800 8.300-7.300 9.700L49 48h-9.600l-7.300-10.800H28.300V48H20zm8.300 6.700v8.200h6.300c3.300 0 5.100-1.500 5.100-4.100s-1.800-4.100-5.100-4.100z"
        fill="#fff"
      />
    </svg>
  );
}
