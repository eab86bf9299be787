package notice

import (
	"strings"
	"testing"
	"time"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/mail"
	"simpul/internal/platform/mail/mailbox"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/testkit"
)

// The whole way, over real SMTP: from a room's change to the person's mailbox.
func TestLettersArriveInAMailbox(t *testing.T) {
	box, err := mailbox.Open("127.0.0.1:0", clock.System)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	host, port := box.Address()
	sender, err := mail.New(mail.Settings{Host: host, Port: port, TLS: mail.NoTLS, From: "hub@komdigi.go.id"})
	if err != nil {
		t.Fatal(err)
	}
	w := newTown(t, testkit.SQLite(t))
	w.courier.sender = sender
	w.notify(t, aNotice(siti))
	err = w.db.Write(t.Context(), simpul.AgencyScope(bandung), func(tx *sqldb.Tx) error {
		return w.Invite(t.Context(), tx, "rina@bandungkota.go.id", "Rina", simpul.Indonesian, "https://hub.go.id/undangan#AAAA", Join, w.at.Add(time.Hour))
	})
	if err != nil {
		t.Fatal(err)
	}
	w.round(t)
	got := map[string]mailbox.Message{}
	for _, m := range box.Messages() {
		got[m.To[0]] = m
	}
	if m := got[string(siti)]; m.Subject != "Kunci akan berakhir" || !strings.Contains(m.HTML, `<a href="https://hub.go.id/aplikasi/layanan">`) || m.Header.Get("List-Id") != "<notice.simpul.komdigi.go.id>" {
		t.Errorf("Siti got %+v", m)
	}
	if m := got["rina@bandungkota.go.id"]; m.Subject != "Undangan ke Simpul" || !strings.Contains(m.Text, "\nhttps://hub.go.id/undangan#AAAA\n") {
		t.Errorf("Rina got %+v", m)
	}

	box.Close() // and now the server is away for a while
	w.notify(t, aNotice(budi))
	if err := w.courier.Round(t.Context()); err == nil {
		t.Error("nobody is told that the server is away")
	}
	for _, l := range w.letters(t) {
		if l.Account == budi && (l.State != stateQueued || l.Reason.EN != "The mail server cannot be reached.") {
			t.Errorf("left as %+v", l)
		}
	}
}
