// Each agency sees its own exchanges; those of others do not exist for it.
import { call, expect, nation, signIn, tell, visit } from "./story.mjs";

await tell(async (browser) => {
  const made = await call("master/Kota/32.73");

  const consumer = await visit(browser, "consumer");
  await signIn(consumer, `/exchanges/${made.id}`, nation.consumer_token);
  expect("the consumer opens its exchange", (await consumer.innerText("main")).includes(made.id), true);
  expect("the header says who is signed in", (await consumer.innerText(".site-header")).includes("Pemerintah Kota Bandung"), true);

  const stranger = await visit(browser, "stranger");
  await signIn(stranger, "/exchanges", nation.stranger_token);
  await stranger.waitForSelector("text=Belum ada pertukaran");
  expect("a stranger's list names nobody", /bandung|master\/Kota(?!\n)/.test(await stranger.innerText("#aliran")), false);
  const answer = await stranger.goto(`/exchanges/${made.id}`);
  expect("a stranger finds nothing by number", answer.status(), 404);
});
