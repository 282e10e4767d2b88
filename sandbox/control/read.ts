import { ControlError, isRecord } from '../http.ts';
import type { DeliveryOptions } from '../webhooks/event.ts';
import type { Channel, Persona, WorldState } from '../model.ts';

/** Readers for the bodies of control calls: each names the field that is wrong. */

export function onlyFields(body: Record<string, unknown>, known: readonly string[]): void {
  const wrong = Object.keys(body).find((key) => !known.includes(key));
  if (wrong !== undefined) {
    throw new ControlError(`Unknown field ${wrong}. Known: ${known.join(', ')}.`);
  }
}

export function text(body: Record<string, unknown>, key: string): string {
  const value = optionalText(body, key);
  if (value === undefined) throw new ControlError(`Field ${key} is required.`);
  return value;
}

export function optionalText(body: Record<string, unknown>, key: string): string | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new ControlError(`Field ${key} must be a text.`);
  return value;
}

export function optionalNumber(body: Record<string, unknown>, key: string): number | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ControlError(`Field ${key} must be a number.`);
  }
  return value;
}

export function optionalBoolean(body: Record<string, unknown>, key: string): boolean | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'boolean') throw new ControlError(`Field ${key} must be true or false.`);
  return value;
}

export function optionalTexts(body: Record<string, unknown>, key: string): string[] | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw new ControlError(`Field ${key} must be a list of texts.`);
  }
  return value as string[];
}

export function texts(body: Record<string, unknown>, key: string): string[] {
  const value = optionalTexts(body, key);
  if (value === undefined) throw new ControlError(`Field ${key} is required.`);
  return value;
}

export function optionalObject(
  body: Record<string, unknown>,
  key: string,
): Record<string, unknown> | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  if (!isRecord(value)) throw new ControlError(`Field ${key} must be an object.`);
  return value;
}

export function channel(body: Record<string, unknown>): Channel {
  const channels: readonly Channel[] = ['instagram', 'messenger', 'whatsapp'];
  const found = channels.find((item) => item === body.channel);
  if (found === undefined) {
    throw new ControlError(`Field channel must be one of ${channels.join(', ')}.`);
  }
  return found;
}

/** "Ana Paula" is called "Ana", too. */
function isFirstName({ firstName }: Persona, wanted: string): boolean {
  return firstName === wanted || firstName.split(' ')[0] === wanted;
}

/** The person of a control call: by id, or by channel and first name or username. */
export function persona(state: WorldState, body: Record<string, unknown>): Persona {
  const wanted = text(body, 'persona');
  const found =
    state.personas[wanted] ??
    Object.values(state.personas).find(
      (item) =>
        (body.channel === undefined || item.channel === body.channel) &&
        (item.username === wanted || isFirstName(item, wanted)),
    );
  if (found === undefined) {
    throw new ControlError(`There is no persona ${wanted} (GET /_sandbox/personas).`, 404);
  }
  if (body.channel !== undefined && channel(body) !== found.channel) {
    throw new ControlError(`Persona ${wanted} is on ${found.channel}.`);
  }
  return found;
}

export const DELIVERY_KEYS = ['duplicate', 'simultaneous', 'badSignature'] as const;

export function deliveryOptions(body: Record<string, unknown>): DeliveryOptions {
  const duplicate = optionalNumber(body, 'duplicate');
  const simultaneous = optionalBoolean(body, 'simultaneous');
  const badSignature = optionalBoolean(body, 'badSignature');
  if (
    duplicate !== undefined &&
    (!Number.isInteger(duplicate) || duplicate < 1 || duplicate > 100)
  ) {
    throw new ControlError('Field duplicate must be a whole number from 1 to 100.');
  }
  return {
    ...(duplicate === undefined ? {} : { duplicate }),
    ...(simultaneous === true ? { simultaneous } : {}),
    ...(badSignature === true ? { badSignature } : {}),
  };
}
