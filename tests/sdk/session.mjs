// One visitor of the published SDK: takes {endpoint, steps} on standard input, prints what each step gave.
import { readFileSync } from "node:fs";
import { getFeelbackAggregates, getFeelbackStore, getLocalFeelbackValue, removeFeelback, sendFeelback } from "@feelback/js";

const { endpoint, steps } = JSON.parse(readFileSync(0, "utf8"));
const calls = {
    send: ({ target, value, ...more }) => sendFeelback({ endpoint, ...target, value, ...more }).then(() => getLocalFeelbackValue(target)),
    remove: ({ target }) => removeFeelback({ endpoint, feelbackId: getFeelbackStore().getFeelback(target).feelbackId }),
    count: ({ target }) => getFeelbackAggregates({ endpoint, ...target }),
    isRevokable: ({ target }) => getFeelbackStore().isRevokable(target),
    forget: () => getFeelbackStore().clear(),
};
const results = [];
for (const [call, given] of steps) {
    try {
        results.push({ result: (await calls[call](given ?? {})) ?? null });
    } catch (error) {
        results.push({ error: error.message });
    }
}
console.log(JSON.stringify(results));
