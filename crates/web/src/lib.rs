// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pages and API: extract, submit, render.
