import { ConfigError } from "../errors.ts";

/**
 * The defaults with what was given in their place.
 * @param choices allowed values of the options that are names
 * @throws ConfigError for an option that does not exist, a value of another type than its default, a number that is not
 *   finite, or a name that is not among its choices
 */
export function readOptions<T extends Record<string, boolean | number | string | readonly string[]>>(
  envId: string,
  given: Partial<T>,
  defaults: T,
  choices: { [K in keyof T]?: readonly T[K][] } = {},
): T {
  for (const [name, value] of Object.entries(given)) {
    const field = `${envId} option ${name}`;
    if (!Object.hasOwn(defaults, name)) {
      const names = Object.keys(defaults).join(", ") || "none";
      throw new ConfigError({ field, allowed: `left out, because it does not exist (there is: ${names})` });
    }
    if (value === undefined) continue;
    const allowedNames = choices[name];
    if (allowedNames !== undefined && !allowedNames.includes(value as T[string])) {
      const allowed = `one of ${allowedNames.map((choice) => `"${choice}"`).join(", ")}`;
      throw new ConfigError({ field, value, allowed });
    }
    if (Array.isArray(defaults[name])) {
      if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) continue;
      throw new ConfigError({ field, value, allowed: "a list of texts" });
    }
    const type = typeof defaults[name];
    if (typeof value !== type || (type === "number" && !Number.isFinite(value))) {
      throw new ConfigError({ field, value, allowed: type === "number" ? "a finite number" : `a ${type}` });
    }
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...(set as Partial<T>) };
}
