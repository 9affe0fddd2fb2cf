/**
 * What stands in the place of algosdk inside Pera's code: it is given addresses and transactions that are encoded already.
 * The library asks for nothing more on the paths that we take.
 */
const algosdk = {
  encodeAddress: (address: unknown) => address,
  encodeUnsignedTransaction: (transaction: unknown) => transaction,
};

// oxlint-disable-next-line import/no-default-export -- as the library imports it
export default algosdk;
