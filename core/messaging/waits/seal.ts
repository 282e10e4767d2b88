import type { Store } from '../../store/store';

/*
 * n8n's resume address is signed: who has it can answer in a person's place. So it is sealed, bound to the key of its
 * wait.
 */

const bound = (key: string) => `wait ${key}`;

/** @param path path and query of the address */
export function sealResume(
  { sealer }: Pick<Store, 'sealer'>,
  key: string,
  path: string,
): { sealed_resume: string; resume_fingerprint: string } {
  return {
    sealed_resume: sealer.seal(path, bound(key)),
    resume_fingerprint: sealer.fingerprint(path),
  };
}

/** @throws StoreError `store_key_lost` */
export function openResume(
  { sealer }: Pick<Store, 'sealer'>,
  { key, sealedResume }: { key: string; sealedResume: string },
): string {
  return sealer.open(sealedResume, bound(key));
}
