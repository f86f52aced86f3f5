// Days and weeks. Spec §1.2. A day counts from 1970-01-01 UTC, a week begins on Monday.

const SECONDS_PER_DAY = 86_400;
const DAYS_PER_WEEK = 7;
const MONDAY_SHIFT = 3; // 1970-01-01 was a Thursday

/** The day that holds this moment (seconds since 1970-01-01 UTC). */
export function dayOf(unixSeconds: number): number {
  return Math.floor(unixSeconds / SECONDS_PER_DAY);
}

/** The week that holds `day`, counted from the week that holds `anchorDay`. */
export function weekOf(day: number, anchorDay: number): number {
  return weekNumber(day) - weekNumber(anchorDay);
}

function weekNumber(day: number): number {
  return Math.floor((day + MONDAY_SHIFT) / DAYS_PER_WEEK);
}
