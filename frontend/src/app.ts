// SPDX-License-Identifier: MIT OR Apache-2.0
// The page's script. Everything but signing works without it; every word comes from the page.
import { startAutosave } from "./autosave";
import { startFiles } from "./files";
import { startForms } from "./forms";
import { startRefresh } from "./refresh";
import { startWhen } from "./when";

startFiles();
startForms();
startAutosave();
startRefresh();
startWhen();
if (document.querySelector("[data-nca-check]")) void import("./sign/check").then(({ startChecks }) => startChecks());
if (document.querySelector("[data-sign]")) void import("./sign/panel").then(({ startSignPanels }) => startSignPanels());
