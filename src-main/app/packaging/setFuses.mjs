import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** electron-builder's afterPack: the packed binary runs this app and nothing else, from its own archive, checked. */
export default async function setFuses({ appOutDir, packager, electronPlatformName }) {
  const name = packager.appInfo.productFilename;
  const binary =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${name}.app`)
      : join(appOutDir, electronPlatformName === 'win32' ? `${name}.exe` : packager.executableName);
  await flipFuses(binary, {
    version: FuseVersion.V1,
    // A fuse that a newer Electron adds is chosen here, or the packing fails.
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: electronPlatformName === 'darwin',
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    // Only the speed of WebAssembly; its bounds are checked either way.
    [FuseV1Options.WasmTrapHandlers]: true,
  });
}
