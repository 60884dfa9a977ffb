// Only in a draft of the interface: the page is loaded anew when it was built again.
const built = async () => (await fetch("/built.txt", { cache: "no-store" })).text();
const now = await built();
setInterval(async () => {
  try {
    if ((await built()) !== now) location.reload();
  } catch {
    // The server is being started anew.
  }
}, 400);
