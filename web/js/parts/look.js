// Choosing language and look; in the menu and in the settings.
import { html } from "../ui.js";
import { language, t } from "../i18n.js";
import { session } from "../state.js";
import { LANGUAGES, THEMES, setLanguage, setTheme } from "../preferences.js";

/** One of a few, side by side. @param {{name: string, title: string, options: {value: string, text: string, lang?: string}[], now: string, choose: (value: string) => void}} props */
export const Segments = ({ name, title, options, now, choose }) => html`<fieldset class="segments"><legend>${title}</legend>
  <div>${options.map(({ value, text, lang }) => html`<label key=${value}><input type="radio" name=${name} value=${value} checked=${value === now} onChange=${() => choose(value)} /><span lang=${lang}>${text}</span></label>`)}</div></fieldset>`;

/** @param {string} code @returns {string} the language in its own words */
const own = (code) => new Intl.DisplayNames(code, { type: "language" }).of(code) || code;

export const LanguageChoice = () => html`<${Segments} name="language" title=${t("look.language")} now=${language} choose=${setLanguage}
  options=${LANGUAGES.map((code) => ({ value: code, text: own(code), lang: code }))} />`;

export const ThemeChoice = () => html`<${Segments} name="theme" title=${t("look.theme")} now=${session.value?.user.theme || "system"} choose=${setTheme}
  options=${THEMES.map((value) => ({ value, text: t(`theme.${value}`) }))} />`;
