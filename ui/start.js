// Starts the interface. The module is named outright: a window's protocol gives scripts no address to guess from.
import init from "./vicino.js";

init({ module_or_path: new URL("./vicino_bg.wasm", import.meta.url) });
