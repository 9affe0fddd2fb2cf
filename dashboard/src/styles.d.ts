/** Vite makes a linked file of it: the page's policy lets no other style in. */
declare module "*.css";
