// Changes a response that is stored.
const callWithToken = (call, id, token, method, body) =>
  call("/v1/responses/" + id, method, body, { "feelback-token": token, ...(body && { "content-type": "application/json" }) });

export const grow = ({ _call }, id, token, parts) => callWithToken(_call, id, token, "PATCH", JSON.stringify(parts));
export const remove = ({ _call }, id, token) => callWithToken(_call, id, token, "DELETE");

// Takes a vote back, or changes it; undefined if that cannot be changed any more.
export async function change(tools, { id, token }, value) {
  if (value == null) return remove(tools, id, token);
  try {
    return await grow(tools, id, token, { value });
  } catch (error) {
    // After a 403 (no longer editable) or 404 (deleted elsewhere) it is sent as a new response.
    if (!/40[34]/.test(error.status)) throw error;
  }
}
