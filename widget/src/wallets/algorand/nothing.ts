/** What stands in the place of modules that Pera's code names and that no path of ours ever calls. */
export const sign_detached_verify = undefined;

// oxlint-disable-next-line import/no-default-export -- as the library imports it
export default undefined;
