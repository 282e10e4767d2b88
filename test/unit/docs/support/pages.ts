import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../../scripts/lib/paths.mjs';

/** A Markdown file of the project. */
export interface Page {
  /** Path from the project's folder. */
  file: string;
  text: string;
}

export interface Link {
  /** As written: a path from the page's folder, an anchor, or an address. */
  target: string;
  /** The text of a link, the description of a picture. */
  alt: string;
}

export function readPage(file: string): Page {
  return { file, text: fs.readFileSync(path.join(ROOT, file), 'utf8') };
}

/** Links and pictures alike. Code is left out: it is not rendered as links. */
export function linksOf({ text }: Page): Link[] {
  return [...withoutCode(text).matchAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g)].map(
    ([, alt, target]) => ({ alt: String(alt), target: String(target) }),
  );
}

export function picturesOf({ text }: Page): Link[] {
  return [...withoutCode(text).matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, alt, target]) => ({
    alt: String(alt),
    target: String(target),
  }));
}

function withoutCode(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`(?!\])/g, '');
}

/** Relative links whose file or anchor does not exist. */
export function brokenLinks(page: Page): string[] {
  const folder = path.join(ROOT, path.dirname(page.file));
  return linksOf(page)
    .map(({ target }) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? path.join(ROOT, page.file) : path.join(folder, file);
      if (!fs.existsSync(full)) return true;
      if (anchor === undefined) return false;
      return !anchorsOf(readPage(path.relative(ROOT, full))).includes(decodeURIComponent(anchor));
    });
}

/** The anchors that GitHub makes of the headings. */
export function anchorsOf({ text }: Page): string[] {
  return [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutFences(text: string): string {
  return text.replace(/^ *```[\s\S]*?^ *```$/gm, '');
}

/** What stands below a heading of the second level. @throws Error when there is none of that name */
export function sectionOf({ file, text }: Page, heading: string): string {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`${file} has no section "${heading}".`);
  return section;
}

/** The contents of fenced blocks: of one language, or those without any. */
export function codeBlocks({ text }: Page, language = ''): string[] {
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , of]) => of === language)
    .map(([, , , content]) => String(content).trim());
}
