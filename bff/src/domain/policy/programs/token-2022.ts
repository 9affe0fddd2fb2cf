import { parseInstructions } from "./parse-instructions.ts";
import { TOKEN_INSTRUCTIONS } from "./token.ts";

/**
 * Extensions have a second byte, the metadata and group interfaces eight. Behind the signers of a checked transfer come
 * the accounts of the mint's transfer hook. Confidential transfers, fees, mints and burns (27, 37, 42 and 46,3) are left
 * out, so unknown, so denied: what they move cannot be read. Source: `@solana-program/token-2022` 0.15.0.
 */
export const TOKEN_2022_INSTRUCTIONS = [
  ...TOKEN_INSTRUCTIONS,
  ...parseInstructions(`
    initializeMintCloseAuthority 25 closeAuthority:option<publicKey> | mint
    initializeTransferFeeConfig 26,0 transferFeeConfigAuthority:option<publicKey> withdrawWithheldAuthority:option<publicKey> transferFeeBasisPoints:u16 maximumFee:u64 | mint
    transferCheckedWithFee 26,1 amount:u64 decimals:u8 fee:u64 | source mint destination authority ...signers
    withdrawWithheldTokensFromMint 26,2 | mint feeReceiver withdrawWithheldAuthority ...signers
    withdrawWithheldTokensFromAccounts 26,3 numTokenAccounts:u8 | mint feeReceiver withdrawWithheldAuthority ...signersAndSources
    harvestWithheldTokensToMint 26,4 | mint ...sources
    setTransferFee 26,5 transferFeeBasisPoints:u16 maximumFee:u64 | mint transferFeeConfigAuthority ...signers
    initializeDefaultAccountState 28,0 state:u8 | mint
    updateDefaultAccountState 28,1 state:u8 | mint freezeAuthority ...signers
    reallocate 29 newExtensionTypes:rest<u16> | token payer systemProgram owner ...signers
    enableMemoTransfers 30,0 | token owner ...signers
    disableMemoTransfers 30,1 | token owner ...signers
    createNativeMint 31 | payer nativeMint systemProgram
    initializeNonTransferableMint 32 | mint
    initializeInterestBearingMint 33,0 rateAuthority:zeroable<publicKey> rate:i16 | mint
    updateRateInterestBearingMint 33,1 rate:i16 | mint rateAuthority ...signers
    enableCpiGuard 34,0 | token owner ...signers
    disableCpiGuard 34,1 | token owner ...signers
    initializePermanentDelegate 35 delegate:publicKey | mint
    initializeTransferHook 36,0 authority:zeroable<publicKey> programId:zeroable<publicKey> | mint
    updateTransferHook 36,1 programId:zeroable<publicKey> | mint authority ...signers
    initializeMetadataPointer 39,0 authority:zeroable<publicKey> metadataAddress:zeroable<publicKey> | mint
    updateMetadataPointer 39,1 metadataAddress:zeroable<publicKey> | mint metadataPointerAuthority ...signers
    initializeGroupPointer 40,0 authority:zeroable<publicKey> groupAddress:zeroable<publicKey> | mint
    updateGroupPointer 40,1 groupAddress:zeroable<publicKey> | mint groupPointerAuthority ...signers
    initializeGroupMemberPointer 41,0 authority:zeroable<publicKey> memberAddress:zeroable<publicKey> | mint
    updateGroupMemberPointer 41,1 memberAddress:zeroable<publicKey> | mint groupMemberPointerAuthority ...signers
    initializeScaledUiAmountMint 43,0 authority:zeroable<publicKey> multiplier:f64 | mint
    updateMultiplierScaledUiMint 43,1 multiplier:f64 effectiveTimestamp:i64 | mint authority ...signers
    initializePausableConfig 44,0 authority:zeroable<publicKey> | mint
    pause 44,1 | mint authority ...signers
    resume 44,2 | mint authority ...signers
    initializePermissionedBurn 46,0 authority:publicKey | mint
    permissionedBurn 46,1 amount:u64 | account mint permissionedBurnAuthority authority ...signers
    permissionedBurnChecked 46,2 amount:u64 decimals:u8 | account mint permissionedBurnAuthority authority ...signers
    initializeTokenMetadata 210,225,30,162,88,184,77,141 name:string symbol:string uri:string | metadata updateAuthority mint mintAuthority
    updateTokenMetadataField 221,233,49,45,181,202,220,200 field:metadataField value:string | metadata updateAuthority
    removeTokenMetadataKey 234,18,32,56,89,141,37,181 idempotent:bool key:string | metadata updateAuthority
    updateTokenMetadataUpdateAuthority 215,228,166,228,84,100,86,123 newUpdateAuthority:zeroable<publicKey> | metadata updateAuthority
    emitTokenMetadata 250,166,180,250,13,12,184,70 start:option<u64> end:option<u64> | metadata
    initializeTokenGroup 121,113,108,39,54,51,0,4 updateAuthority:zeroable<publicKey> maxSize:u64 | group mint mintAuthority
    updateTokenGroupMaxSize 108,37,171,143,248,30,18,110 maxSize:u64 | group updateAuthority
    updateTokenGroupUpdateAuthority 161,105,88,1,237,221,216,203 newUpdateAuthority:zeroable<publicKey> | group updateAuthority
    initializeTokenGroupMember 152,32,222,176,223,237,116,134 | member memberMint memberMintAuthority group groupUpdateAuthority
  `),
];
