// SPDX-License-Identifier: MIT OR Apache-2.0
// The parts of node-forge are loaded one by one, to keep the script small.
declare module "node-forge/lib/forge.js" {
  import forge from "node-forge";
  export default forge;
}
declare module "node-forge/lib/*";
