// A visitor with the published SDK: reads {endpoint, steps} from standard input, prints the result of each step.
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
for (const [call, options] of steps) {
    try {
        results.push({ result: (await calls[call](options ?? {})) ?? null });
    } catch (error) {
        results.push({ error: error.message });
    }
}
console.log(JSON.stringify(results));
