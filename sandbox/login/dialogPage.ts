import { avatar, dialogDocument, html, type Html } from './html.ts';
import { askedOf, earlierGrant } from './consent.ts';
import { permissionText, textOf, type TextKey } from './dialogTexts.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http.ts';
import type { DialogAsk } from './dialogRequest.ts';
import type { Grant } from '../loginModel.ts';
import type { Page } from '../model.ts';

/** Whose dialog it is, and in which language. */
export interface DialogView {
  context: Context;
  login: 'facebook' | 'instagram';
  isPortuguese: boolean;
}

/** First step: who logs in. */
export function personPage(view: DialogView, ask: DialogAsk, dialogId: string): Reply {
  const { users, instagramAccounts } = view.context.store.state;
  const isFacebook = view.login === 'facebook';
  const people = isFacebook
    ? Object.values(users).map((user) => ({
        id: user.id,
        name: user.name,
        detail: countPages(view, Object.keys(user.roles).length),
      }))
    : Object.values(instagramAccounts).map((account) => ({
        id: account.id,
        name: account.username,
        detail: account.name,
      }));
  const rows = people.map(
    ({ id, name, detail }) => html`
      <button class="row" name="person" value="${id}" data-testid="login-person" data-id="${id}">
        ${avatar(id, name, 'round')}
        <span class="words"><b>${name}</b><small>${detail}</small></span>
        <span class="arrow" aria-hidden="true">›</span>
      </button>
    `,
  );
  const body = html`
    <form method="post" class="card">
      ${head(view, ask)}
      <input type="hidden" name="dialog" value="${dialogId}" />
      <h2>${t(view, isFacebook ? 'whoFacebook' : 'whoInstagram')}</h2>
      <div class="rows" data-testid="login-people">${rows}</div>
      ${foot(view, ask, cancelButton(view))}
    </form>
  `;
  return page(view, ask, body);
}

/** Second step: which Pages, which permissions. */
export function consentPage(
  view: DialogView,
  ask: DialogAsk,
  step: { dialogId: string; person: string; edits: boolean },
): Reply {
  const { state } = view.context.store;
  const isFacebook = view.login === 'facebook';
  const earlier = isFacebook ? earlierGrant(state, step.person, ask.app.id) : undefined;
  const keeps = earlier !== undefined && !step.edits;
  const asked = askedOf(ask, earlier, step.edits);
  const body = html`
    <form method="post" class="card">
      ${head(view, ask)}
      <input type="hidden" name="dialog" value="${step.dialogId}" />
      <input type="hidden" name="person" value="${step.person}" />
      ${keeps && html`<input type="hidden" name="earlier" value="1" />`}
      ${personBar(view, step.person)}
      ${keeps &&
      html`<p class="again" data-testid="login-again">
        ${t(view, 'again')}
        <button class="link" name="edit" value="1" data-testid="login-edit">
          ${t(view, 'edit')}
        </button>
      </p>`}
      ${isFacebook && pageSection(view, ask, step.person, keeps ? earlier : undefined, earlier)}
      ${permissionSection(view, ask, asked, earlier)}
      ${foot(
        view,
        ask,
        html`${cancelButton(view)}
          <button class="primary" name="decision" value="continue" data-testid="login-continue">
            ${t(view, 'continue')}
          </button>`,
      )}
    </form>
  `;
  return page(view, ask, body);
}

/** The app asked wrongly: the person reads why, and the browser is sent nowhere. */
export function problemPage(view: DialogView, message: string): Reply {
  const body = html`
    <main class="card problem">
      <p class="note">${t(view, 'note')}</p>
      <h1>${t(view, 'problem')}</h1>
      <p class="reason" data-testid="login-problem">${message}</p>
      <p class="soft">${t(view, 'problemHint')}</p>
    </main>
  `;
  return dialogDocument({
    language: view.isPortuguese ? 'pt-BR' : 'en',
    title: t(view, 'problem'),
    theme: view.login,
    body,
    status: 400,
  });
}

function page(view: DialogView, ask: DialogAsk, body: Html): Reply {
  return dialogDocument({
    language: view.isPortuguese ? 'pt-BR' : 'en',
    title: `${t(view, 'title')} · ${ask.app.name}`,
    theme: ask.isPopup ? `${view.login} popup` : view.login,
    body,
    returnsTo: ask.redirectUri,
  });
}

function head(view: DialogView, ask: DialogAsk): Html {
  const wants = view.login === 'facebook' ? 'wants' : 'wantsInstagram';
  return html`
    <header>
      <p class="note">${t(view, 'note')}</p>
      <div class="app">
        ${avatar(ask.app.id, ask.app.name)}
        <h1><b>${ask.app.name}</b> ${t(view, wants)}</h1>
      </div>
    </header>
  `;
}

function personBar(view: DialogView, person: string): Html {
  const { users, instagramAccounts } = view.context.store.state;
  const name = users[person]?.name ?? instagramAccounts[person]?.username ?? '';
  return html`
    <div class="person">
      ${avatar(person, name, 'round')}
      <span class="words"><small>${t(view, 'loggedInAs')}</small><b>${name}</b></span>
      <button class="link" name="decision" value="person" data-testid="login-switch">
        ${t(view, 'notYou')}
      </button>
    </div>
  `;
}

/** The Pages on which the person has a role, with a box each; a kept choice is only told. */
function pageSection(
  view: DialogView,
  ask: DialogAsk,
  person: string,
  kept: Grant | undefined,
  earlier: Grant | undefined,
): Html {
  const { state } = view.context.store;
  const roles = state.users[person]?.roles ?? {};
  const isFixed = kept !== undefined && !ask.isRerequest;
  const pages = Object.keys(roles)
    .map((id) => state.pages[id])
    .filter((item) => item !== undefined)
    .filter((item) => !isFixed || kept.pageIds.includes(item.id));
  const rows = pages.map((item) => {
    const text = pageText(view, item, roles[item.id] ?? []);
    const isTicked = earlier === undefined || earlier.pageIds.includes(item.id);
    return isFixed
      ? html`<div class="row told" data-testid="login-kept-page">${text}</div>`
      : html`<label class="row">
          ${text}
          <input
            type="checkbox"
            name="page"
            value="${item.id}"
            data-testid="login-page"
            ${isTicked && 'checked'}
          />
        </label>`;
  });
  return html`
    <h2>${t(view, 'pages')}</h2>
    ${!isFixed && pages.length > 0 && html`<p class="soft">${t(view, 'pagesHint')}</p>`}
    ${pages.length === 0
      ? html`<p class="soft" data-testid="login-no-pages">${t(view, 'noPages')}</p>`
      : html`<div class="rows">${rows}</div>`}
  `;
}

function pageText(view: DialogView, item: Page, tasks: string[]): Html {
  const { instagramAccounts } = view.context.store.state;
  const account = instagramAccounts[item.instagramAccountId ?? ''];
  const linked = account === undefined ? t(view, 'noInstagram') : `@${account.username}`;
  const lacks = tasks.includes('MESSAGING') ? '' : ` · ${t(view, 'noMessaging')}`;
  return html`
    ${avatar(item.id, item.name)}
    <span class="words"><b>${item.name}</b><small>${linked}${lacks}</small></span>
  `;
}

function permissionSection(
  view: DialogView,
  ask: DialogAsk,
  asked: string[],
  earlier: Grant | undefined,
): Html {
  const rows = ask.scopes.map((scope) => {
    const words = html`<span class="words">
      <b>${permissionText(scope, view.isPortuguese)}</b><small class="scope">${scope}</small>
    </span>`;
    const status = earlier?.permissions[scope];
    if (!asked.includes(scope)) {
      const told = status === 'granted' ? 'allowedBefore' : 'declinedBefore';
      return html`<div class="row told" data-testid="login-kept-permission" data-scope="${scope}">
        ${words}<span class="state ${told}">${t(view, told)}</span>
      </div>`;
    }
    return html`<label class="row">
      ${words}
      <input
        type="checkbox"
        name="permission"
        value="${scope}"
        data-testid="login-permission"
        checked
      />
    </label>`;
  });
  return html`
    <h2>${t(view, 'permissions')}</h2>
    ${asked.length > 0 && html`<p class="soft">${t(view, 'permissionsHint')}</p>`}
    <div class="rows">${rows}</div>
  `;
}

function foot(view: DialogView, ask: DialogAsk, buttons: Html): Html {
  const address = URL.canParse(ask.redirectUri) ? new URL(ask.redirectUri).host : ask.redirectUri;
  return html`
    <footer>
      <small class="soft">${t(view, 'returnsTo')} <b>${address}</b></small>
      <div class="buttons">${buttons}</div>
    </footer>
  `;
}

function cancelButton(view: DialogView): Html {
  return html`<button class="quiet" name="decision" value="cancel" data-testid="login-cancel">
    ${t(view, 'cancel')}
  </button>`;
}

function countPages(view: DialogView, count: number): string {
  if (count === 0) return t(view, 'noPage');
  return count === 1 ? t(view, 'onePage') : `${count} ${t(view, 'manyPages')}`;
}

function t(view: DialogView, key: TextKey): string {
  return textOf(key, view.isPortuguese);
}
