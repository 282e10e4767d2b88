/** In the order in which the locales first appear. */
export function byLocale<T extends { locale: string }>(rows: readonly T[]): Array<[string, T[]]> {
  const locales = [...new Set(rows.map(({ locale }) => locale))];
  return locales.map((locale) => [locale, rows.filter((row) => row.locale === locale)]);
}
