import { styleText } from 'node:util';

/** Colours and weights of text. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

type Style = Parameters<typeof styleText>[0];

/** Whether there are colours was decided where the stream is known; so no second look at the stream here. */
function style(format: Style): (text: string) => string {
  return (text) => styleText(format, text, { validateStream: false });
}

const coloured: Paint = {
  good: style('green'),
  bad: style('red'),
  warn: style('yellow'),
  strong: style('bold'),
  faint: style('dim'),
};

const same = (text: string) => text;
const plain: Paint = { good: same, bad: same, warn: same, strong: same, faint: same };

export function paintFor(colour: boolean): Paint {
  return colour ? coloured : plain;
}
