// An SMSC on the `smpp` package of npm, which others wrote: the second opinion of tests/sms/test_smpp_second_opinion.py.
// Prints its port, then a line of JSON for each part it took. Throttles the first part to 84900000007.
const smpp = require("smpp");

let count = 0x0A0000000;
const throttled = new Set(["84900000007"]);

function report(session, id, pdu) {
  const words = `id:${id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:`;
  session.deliver_sm({
    source_addr_ton: 1, source_addr_npi: 1, source_addr: pdu.destination_addr, destination_addr: pdu.source_addr,
    esm_class: 4, short_message: words, receipted_message_id: id, message_state: 2,
  });
}

const server = smpp.createServer((session) => {
  session.on("error", () => session.close());
  session.on("bind_transceiver", (pdu) => {
    if (pdu.password !== "geheim") {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      return;
    }
    session.send(pdu.response({ system_id: "node" }));
    session.deliver_sm({
      source_addr_ton: 1, source_addr_npi: 1, source_addr: "84912345678", destination_addr: "9029",
      data_coding: 8, short_message: { message: "Đừng gửi nữa" },
    });
    session.enquire_link();
  });
  session.on("enquire_link", (pdu) => session.send(pdu.response()));
  session.on("unbind", (pdu) => session.send(pdu.response()));
  session.on("submit_sm", (pdu) => {
    if (throttled.delete(pdu.destination_addr)) {
      session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
      return;
    }
    const id = String(++count);
    const { message, udh } = pdu.short_message;
    console.log(JSON.stringify({ to: pdu.destination_addr, from: pdu.source_addr, message, udh: udh ? [...udh[0]] : null }));
    session.send(pdu.response({ message_id: id }));
    if (pdu.registered_delivery) report(session, id, pdu);
  });
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
