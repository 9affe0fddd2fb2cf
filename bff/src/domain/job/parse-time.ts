const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):(\d{2})))?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);

/** Days since 1970 of the first of January; years have four digits. */
function daysBefore(year: number): number {
  const past = year - 1;
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 719_162;
}

/**
 * Milliseconds since 1970 of a time with its zone, or of a date's first moment in UTC; undefined when it is neither, or not
 * in the calendar. Source: RFC 3339, with seconds that may be left out and none that leaps.
 */
export function parseTime(text: string): number | undefined {
  const parts = TIME.exec(text);
  if (!parts) return undefined;
  const at = (index: number): number => Number(parts[index] ?? 0);
  const [year, month, day, hour, minute, second] = [at(1), at(2), at(3), at(4), at(5), at(6)];
  const [zoneHour, zoneMinute] = [at(9), at(10)];
  const isInCalendar = day >= 1 && day <= daysIn(year, month);
  if (!isInCalendar || hour > 23 || minute > 59 || second > 59 || zoneHour > 23 || zoneMinute > 59) return undefined;
  const monthsBefore = Array.from({ length: month - 1 }, (_, index) => daysIn(year, index + 1));
  const days = daysBefore(year) + monthsBefore.reduce((sum, length) => sum + length, 0) + day - 1;
  const zone = (zoneHour * 60 + zoneMinute) * (parts[8] === "-" ? -1 : 1);
  const milliseconds = Number((parts[7] ?? "").slice(0, 3).padEnd(3, "0"));
  return days * DAY_MS + (hour * 60 + minute - zone) * MINUTE_MS + second * 1_000 + milliseconds;
}
