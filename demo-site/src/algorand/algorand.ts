import { find } from "../dom.ts";
import { findWallet } from "../gasless-wallet.ts";
import { showSteps } from "../steps.ts";
import { openAlbum } from "./album.ts";
import { createAlgod } from "./algod.ts";
import { createAlgorandPage } from "./algorand-page.ts";
import { readConfig } from "./config.ts";
import { offerPhone } from "./offer-phone.ts";

const config = readConfig();
const steps = showSteps({
  accept: find("accept-stamps", HTMLElement),
  stamps: find("get-stamps", HTMLElement),
  send: find("send-stamp", HTMLElement),
});
const algod = createAlgod(config.algodUrl, config.assetId);

offerPhone();
openAlbum(createAlgorandPage(findWallet(), { config, algod, steps }));
