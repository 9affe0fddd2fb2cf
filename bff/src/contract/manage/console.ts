/** The built-in project that people sign in to who manage others. Its only origin is the API's own. */
export const CONSOLE_PROJECT_ID = "prj_console";

/** Names that project on the dashboard's page. The same everywhere: it opens nothing but signing in. */
export const CONSOLE_PUBLISHABLE_KEY = "pk_live_GaslessConsoleOfThisHost0OUbAs";
