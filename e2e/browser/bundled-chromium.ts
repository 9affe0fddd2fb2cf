import { execFileSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync, createBrotliDecompress } from "node:zlib";

export interface UnpackedChromium {
  readonly executablePath: string;
  /** What the executable needs beside the caller's own environment. */
  readonly env: Readonly<Record<string, string>>;
}

const CACHE = fileURLToPath(new URL("../../node_modules/.cache/gasless/", import.meta.url));
/** Shared libraries such as libnss3, and Open Sans: a bare machine has neither. */
const ARCHIVES = ["al2023.tar.br", "fonts.tar.br"];

/** The system's fonts first, for they know more scripts; those beside this file when it has none. */
const FONTS_CONFIG = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
</fontconfig>
`;

/** Unpacks `@sparticuz/chromium` on first use: its own code would write to the shared /tmp, under fixed names. */
export async function unpackChromium(): Promise<UnpackedChromium> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`npm has no Chromium for ${process.platform}-${process.arch}: set CHROMIUM_PATH`);
  }
  const packageFolder = join(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))), "..");
  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const folder = join(CACHE, `chromium-${version}`);
  if (!existsSync(folder)) await unpack(join(packageFolder, "bin"), folder);
  return {
    executablePath: join(folder, "chromium"),
    env: {
      LD_LIBRARY_PATH: [join(folder, "lib"), process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
    },
  };
}

/** Two workers may do this at once: each fills a folder of its own, and the first to rename it has won. */
async function unpack(source: string, folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const own = await mkdtemp(`${folder}-`);
  try {
    for (const archive of ARCHIVES) {
      const tar = brotliDecompressSync(await readFile(join(source, archive)));
      execFileSync("tar", ["-x", "--no-same-owner", "-C", own], { input: tar });
    }
    await writeFile(join(own, "fonts.conf"), FONTS_CONFIG);
    const executable = createWriteStream(join(own, "chromium"), { mode: 0o755 });
    await pipeline(createReadStream(join(source, "chromium.br")), createBrotliDecompress(), executable);
    await rename(own, folder);
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}
