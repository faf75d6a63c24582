// The server that both talk to: it notes each request and answers by its path.

import { createServer } from "node:http";

export async function startServer() {
  const log = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const headers = [];
      for (let at = 0; at < request.rawHeaders.length; at += 2) {
        headers.push([request.rawHeaders[at], request.rawHeaders[at + 1]]);
      }
      const body = Buffer.concat(chunks).toString();
      log.push({ method: request.method, url: request.url, headers, body });
      answer(request, response, body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { log, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function answer(request, response, body) {
  const path = request.url.split("?")[0];
  const status = /^\/status\/(\d+)/.exec(path);
  const redirect = /^\/redirect\/(\d+)(\/.*)/.exec(path);
  if (redirect) {
    response.writeHead(Number(redirect[1]), { Location: redirect[2] });
    response.end();
  } else if (path === "/loop") {
    response.writeHead(302, { Location: "/loop" });
    response.end();
  } else if (path === "/html") {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end("<html>x</html>");
  } else if (path === "/cookie") {
    response.writeHead(200, { "Set-Cookie": ["a=1; Path=/", "b=2; Path=/deep"], "Content-Type": "application/json" });
    response.end("{}");
  } else if (path === "/reset") {
    response.socket.destroy();
  } else {
    response.writeHead(status ? Number(status[1]) : 200, { "Content-Type": "application/json", "X-Test": "yes" });
    response.end(status && ["204", "304"].includes(status[1]) ? undefined : JSON.stringify({ url: request.url, method: request.method, body, id: 7, list: [1, 2], name: "Ann" }));
  }
}
