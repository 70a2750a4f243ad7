// Changes a response that is stored.
const callWithToken = (call, id, token, method, body) =>
  call("/v1/responses/" + id, method, body, { "feelback-token": token, ...(body && { "content-type": "application/json" }) });

export const grow = ({ _call }, id, token, parts) => callWithToken(_call, id, token, "PATCH", JSON.stringify(parts));
export const remove = ({ _call }, id, token) => callWithToken(_call, id, token, "DELETE");
