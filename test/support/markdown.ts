/** The code blocks of a Markdown document, and whether what a program printed is what the document says. */

export interface Block {
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** First word after the fence: `ts`, `sh`, `text`. */
  readonly language: string;
  /** The rest after it: a file's name, or what kind of place it runs in. */
  readonly info: string;
  readonly text: string;
  /** Why it is not run, from a comment `<!-- not run: … -->` on the line above. */
  readonly notRun: string | undefined;
}

/** @throws Error for a fence that is never closed */
export function readBlocks(markdown: string): Block[] {
  const lines = markdown.split("\n");
  const blocks: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    const opening = /^```(\S*)\s*(.*)$/.exec(lines[i]!);
    if (!opening) continue;
    const end = lines.indexOf("```", i + 1);
    if (end === -1) throw new Error(`the code block of line ${i + 1} is not closed`);
    const above = lines.slice(0, i).findLast((line) => line.trim() !== "") ?? "";
    const notRun = /^<!-- not run: (.+) -->$/.exec(above)?.[1];
    const text = lines.slice(i + 1, end).join("\n");
    blocks.push({ line: i + 1, language: opening[1]!, info: opening[2]!.trim(), text, notRun });
    i = end;
  }
  return blocks;
}

/** Replaces the text of a document's block. */
export function replaceBlock(markdown: string, { line }: Block, replacement: string): string {
  const lines = markdown.split("\n");
  lines.splice(line, lines.indexOf("```", line) - line, ...replacement.split("\n"));
  return lines.join("\n");
}

/** Whether `printed` is what is expected, where `…` stands for anything within a line, and a line `…` for any lines. */
export function isPrinted(expected: string, printed: string): boolean {
  const lines = expected.split("\n").map((line) => {
    if (line.trim() === "…") return "(?:.*\\n)*?";
    return `${line.trimEnd().split("…").map(escaped).join(".*?")}[ \\t]*\\n`;
  });
  return new RegExp(`^${lines.join("")}$`).test(`${printed.trimEnd()}\n`);
}

/** A program's output as a document may show it: what depends on the machine becomes `…`. */
export function withoutTimes(printed: string): string {
  return printed
    .trimEnd()
    .replace(/[\d,.]+ (?=steps\/s)/g, "… ")
    .replace(/\b[\d,.]+ (?=m?s\b)/g, "… ")
    .replace(/(?:.* steps · return .*\n)+/g, "…\n");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
