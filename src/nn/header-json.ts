/**
 * The part of JSON that a safetensors header may hold: objects, arrays, strings and natural numbers.
 *
 * `JSON.parse` is the wrong tool for a header from a stranger: of two equal keys it silently keeps the last, `1.0` and
 * `1e3` become integers, `9007199254740993` becomes its neighbour, and nesting is bounded only by the stack. Objects are
 * therefore read into a `Map`, which no key can poison, and each of those is refused.
 */

import { FormatError } from "../errors.ts";

export type HeaderValue = string | number | HeaderValue[] | Map<string, HeaderValue>;

/** A header nests three deep (`{"w":{"shape":[…]}}`); anything deeper is refused before it can exhaust the stack. */
const MAX_DEPTH = 4;

/** Keys that plain objects treat specially; refused so that no code downstream can be tricked by them. */
const DANGEROUS_KEYS: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Whether a tensor or metadata name is safe to use as a key: no property of every object, well-formed Unicode. */
export function isSafeKey(key: string): boolean {
  return !DANGEROUS_KEYS.has(key) && !/\p{Surrogate}/u.test(key);
}

/**
 * Reads one header object, which must fill `text` but for white space after it.
 * @throws FormatError naming what is wrong and the character where it stands.
 */
export function parseHeaderJson(text: string): Map<string, HeaderValue> {
  const reader = new HeaderReader(text);
  const value = reader.object(1);
  reader.end();
  return value;
}

class HeaderReader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    this.skipSpace();
    if (this.at < this.text.length) throw this.fault("nothing but white space after the closing brace");
  }

  object(depth: number): Map<string, HeaderValue> {
    const entries = new Map<string, HeaderValue>();
    this.take("{", "an opening brace");
    if (this.found("}")) return entries;
    do {
      const key = this.string();
      if (!isSafeKey(key)) throw this.fault(`free of names such as __proto__, constructor and prototype`, key);
      if (entries.has(key)) throw this.fault("free of duplicate keys", key);
      this.take(":", "a colon after a key");
      entries.set(key, this.value(depth + 1));
    } while (this.found(","));
    this.take("}", "a comma or a closing brace after a value");
    return entries;
  }

  private value(depth: number): HeaderValue {
    this.skipSpace();
    const first = this.text[this.at];
    if (depth > MAX_DEPTH && (first === "{" || first === "[")) throw this.fault(`nested at most ${MAX_DEPTH} deep`);
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    return this.natural();
  }

  private array(depth: number): HeaderValue[] {
    const items: HeaderValue[] = [];
    this.take("[", "an opening bracket");
    if (this.found("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.found(","));
    this.take("]", "a comma or a closing bracket after an item");
    return items;
  }

  private string(): string {
    this.skipSpace();
    if (this.text[this.at] !== '"') throw this.fault("a string here");
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    let value: string;
    try {
      value = JSON.parse(this.text.slice(this.at, end + 1)) as string;
    } catch {
      throw this.fault("made of closed strings with legal escapes");
    }
    if (/\p{Surrogate}/u.test(value)) throw this.fault("made of strings without lone surrogates");
    this.at = end + 1;
    return value;
  }

  private natural(): number {
    const token = /[^\s,\]}]*/y;
    token.lastIndex = this.at;
    const digits = token.exec(this.text)?.[0] ?? "";
    const value = Number(digits);
    if (!/^(0|[1-9][0-9]*)$/.test(digits) || !Number.isSafeInteger(value)) {
      throw this.fault("made of objects, arrays, strings and integers from 0 to 2^53 − 1", digits);
    }
    this.at += digits.length;
    return value;
  }

  private take(character: string, allowed: string): void {
    if (!this.found(character)) throw this.fault(`${allowed} here`);
  }

  private found(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    while (this.at < this.text.length && " \t\n\r".includes(this.text[this.at] as string)) this.at += 1;
  }

  private fault(allowed: string, value?: string): FormatError {
    const where = `safetensors header, character ${this.at}`;
    return new FormatError({ field: where, value: value ?? this.text.slice(this.at, this.at + 20), allowed });
  }
}
