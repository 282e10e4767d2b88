import type { Channel, InstagramAccount, MetaChannel, Page, Persona } from './model.ts';
import type { LoginUser } from './loginModel.ts';

/** Ids of the clinic's assets. Everything here is invented, and the same in every fresh sandbox. */
export const CLINIC = {
  pageId: '100200300400500',
  instagramAccountId: '17841400000000001',
  southPageId: '100200300400501',
  southInstagramAccountId: '17841400000000002',
  /** A Page without an Instagram account. */
  socialPageId: '100200300400502',
  /** A Page on which Dra. Helena lacks the task MESSAGING. */
  congressPageId: '100200300400503',
  congressInstagramAccountId: '17841400000000004',
  /** Has no Page: Business Login for Instagram alone reaches it. */
  doctorInstagramAccountId: '17841400000000003',
  userId: '10200300400500600',
} as const;

const ALL_TASKS = ['ANALYZE', 'ADVERTISE', 'MESSAGING', 'MODERATE', 'CREATE_CONTENT', 'MANAGE'];

export const SEED_PAGES: Page[] = [
  {
    id: CLINIC.pageId,
    name: 'Clínica Sorriso',
    category: 'Dentist & Dental Office',
    instagramAccountId: CLINIC.instagramAccountId,
  },
  {
    id: CLINIC.southPageId,
    name: 'Clínica Sorriso – Unidade Sul',
    category: 'Dentist & Dental Office',
    instagramAccountId: CLINIC.southInstagramAccountId,
  },
  { id: CLINIC.socialPageId, name: 'Sorriso Solidário', category: 'Nonprofit Organization' },
  {
    id: CLINIC.congressPageId,
    name: 'Congresso Sorrisos do Sul',
    category: 'Event',
    instagramAccountId: CLINIC.congressInstagramAccountId,
  },
];

/** An account with everything that was not said filled in. */
export function makeInstagramAccount(
  id: string,
  username: string,
  name: string,
  more: Partial<InstagramAccount> = {},
): InstagramAccount {
  return {
    id,
    username,
    name,
    allowAccessToMessages: true,
    mediaIds: [],
    scopedId: id.replace(/^17841/, '26100'),
    accountType: 'BUSINESS',
    ...more,
  };
}

export const SEED_INSTAGRAM_ACCOUNTS: InstagramAccount[] = [
  makeInstagramAccount(CLINIC.instagramAccountId, 'clinica.sorriso', 'Clínica Sorriso', {
    mediaIds: ['18000000000000004', '18000000000000008'],
  }),
  makeInstagramAccount(
    CLINIC.southInstagramAccountId,
    'clinica.sorriso.sul',
    'Clínica Sorriso – Unidade Sul',
    {
      mediaIds: ['18000000000000014'],
    },
  ),
  makeInstagramAccount(CLINIC.doctorInstagramAccountId, 'dra.helena.prado', 'Dra. Helena Prado', {
    mediaIds: ['18000000000000024', '18000000000000028'],
    accountType: 'MEDIA_CREATOR',
  }),
  makeInstagramAccount(
    CLINIC.congressInstagramAccountId,
    'congresso.sorrisos',
    'Congresso Sorrisos do Sul',
  ),
];

export const SEED_USERS: LoginUser[] = [
  {
    id: CLINIC.userId,
    name: 'Dra. Helena Prado',
    roles: {
      [CLINIC.pageId]: ALL_TASKS,
      [CLINIC.southPageId]: ALL_TASKS,
      [CLINIC.socialPageId]: ALL_TASKS,
      [CLINIC.congressPageId]: ['ANALYZE', 'CREATE_CONTENT'],
    },
  },
  {
    id: '10200300400500601',
    name: 'Bruno Tavares',
    roles: { [CLINIC.southPageId]: ['MESSAGING', 'MODERATE'] },
  },
  { id: '10200300400500602', name: 'Carla Nunes', roles: {} },
];

export type PersonaSeed = Pick<Persona, 'id' | 'firstName' | 'lastName' | 'username' | 'gender'>;

type Row = [id: string, firstName: string, lastName: string, username: string, isMale?: 'male'];

const PEOPLE: Array<{ channel: MetaChannel; accountId: string; rows: Row[] }> = [
  {
    channel: 'messenger',
    accountId: CLINIC.pageId,
    rows: [
      ['7001002003004005', 'Ana Beatriz', 'Souza', 'anabeatriz.souza'],
      ['7001002003004006', 'Carlos Eduardo', 'Lima', 'carlosedu.lima', 'male'],
      ['7001002003004007', 'Mariana', 'Oliveira', 'mari.oliveira'],
    ],
  },
  {
    channel: 'instagram',
    accountId: CLINIC.instagramAccountId,
    rows: [
      ['900100200300400', 'Juliana', 'Rocha', 'ju.rocha'],
      ['900100200300401', 'Rafael', 'Santos', 'rafa.santos', 'male'],
      ['900100200300402', 'Camila', 'Ferreira', 'camila.ferreira'],
    ],
  },
  {
    channel: 'messenger',
    accountId: CLINIC.southPageId,
    rows: [
      ['7001002003004015', 'Pedro Henrique', 'Alves', 'pedroh.alves', 'male'],
      ['7001002003004016', 'Luana', 'Martins', 'luana.martins'],
    ],
  },
  {
    channel: 'instagram',
    accountId: CLINIC.southInstagramAccountId,
    rows: [
      ['900100200300410', 'Beatriz', 'Cardoso', 'bia.cardoso'],
      ['900100200300411', 'Thiago', 'Moreira', 'thi.moreira', 'male'],
    ],
  },
  {
    channel: 'messenger',
    accountId: CLINIC.socialPageId,
    rows: [['7001002003004025', 'Dona Cida', 'Ribeiro', 'cida.ribeiro']],
  },
  {
    channel: 'instagram',
    accountId: CLINIC.doctorInstagramAccountId,
    rows: [
      ['900100200300420', 'Fernanda', 'Dias', 'fe.dias'],
      ['900100200300421', 'Lucas', 'Pereira', 'lucas.pereira', 'male'],
    ],
  },
];

/** The people who write to the clinic; each id is scoped to one account. */
export function seedPeople(): Persona[] {
  return PEOPLE.flatMap(({ channel, accountId, rows }) =>
    rows.map(([id, firstName, lastName, username, isMale]) =>
      makePersona(channel, accountId, {
        id,
        firstName,
        lastName,
        username,
        gender: isMale ?? 'female',
      }),
    ),
  );
}

/** A persona with everything that was not said filled in. */
export function makePersona(
  channel: Channel,
  accountId: string,
  seed: PersonaSeed & Partial<Persona>,
): Persona {
  return {
    channel,
    accountId,
    locale: 'pt_BR',
    timezone: -3,
    followerCount: 312,
    isVerified: false,
    followsBusiness: true,
    followedByBusiness: false,
    hasRole: false,
    known: false,
    consented: false,
    ...seed,
  };
}
