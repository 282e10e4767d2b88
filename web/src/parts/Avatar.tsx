import { useEffect, useState } from 'preact/hooks';
import type { Api, Card } from '../api.ts';
import { useSpeech } from '../texts/index.ts';
import { ChannelSign } from './Channel.tsx';

/** The account's picture, through our own server; its first letters until there is one. */
export function Avatar({ api, card }: { api: Api; card: Card }) {
  const { say } = useSpeech();
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    if (!card.hasPicture) return undefined;
    let url: string | null = null;
    let isGone = false;
    api
      .picture(card.id)
      .then((blob) => {
        if (blob === null || isGone) return;
        url = URL.createObjectURL(blob);
        setSource(url);
      })
      // A card without its picture is still a card.
      .catch(() => undefined);
    return () => {
      isGone = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [api, card.id, card.hasPicture]);
  return (
    <div class={`avatar ${card.channel}`}>
      {source === null ? (
        <span aria-hidden="true">{initialsOf(card.name)}</span>
      ) : (
        <img src={source} alt={say('pictureOf', { name: card.name })} width="48" height="48" />
      )}
      <ChannelSign channel={card.channel} />
    </div>
  );
}

function initialsOf(name: string): string {
  const words = name
    .replace(/^@/, '')
    .split(/[\s._-]+/)
    .filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
}
