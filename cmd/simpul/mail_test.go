package main

import (
	"net"
	"strconv"
	"testing"

	"simpul/internal/platform/clock"
	"simpul/internal/platform/mail/mailbox"
)

// One test message goes over real SMTP; what fails is said in plain words.
func TestMailIsTried(t *testing.T) {
	box, err := mailbox.Open("127.0.0.1:0", clock.System)
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	host, port := box.Address()
	file := func(settings string) string { return write(t, "simpul.yaml", "data: "+t.TempDir()+"\n"+settings) }
	good := file("mail: {host: " + host + ", port: " + strconv.Itoa(port) + ", tls: none, from: hub@contoh.go.id}")
	runWith(t, "", "mail", "test", "--to", "siti@contoh.go.id", "--config", good).expect(t, 0, "menerima surel percobaan untuk siti@contoh.go.id")
	if all := box.Messages(); len(all) != 1 || all[0].Subject != "Percobaan surel Simpul" || all[0].Text == "" {
		t.Errorf("arrived: %+v", all)
	}
	runWith(t, "", "mail", "test", "--to", "siti", "--config", good).expect(t, 2, "Alamat surel tidak sah")

	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	nobody := closed.Addr().(*net.TCPAddr).Port
	for settings, words := range map[string]string{
		"log: {level: warn}":                            "Surel belum diatur di hub ini (mail.host) — Isi mail.host",
		"mail: {host: 127.0.0.1, tls: none, from: hub}": "mail.from: Alamat surel tidak sah",
		"mail: {host: 127.0.0.1, port: " + strconv.Itoa(nobody) + ", tls: none, from: a@b.id}":                         "tidak dapat dihubungi — Periksa mail.host",
		"mail: {host: 127.0.0.1, port: " + strconv.Itoa(port) + ", from: a@b.id}":                                      "tidak menawarkan STARTTLS",
		"mail: {host: 127.0.0.1, port: " + strconv.Itoa(port) + ", tls: tls, from: a@b.id}":                            "tidak berbicara TLS di port itu",
		"mail: {host: 127.0.0.1, port: " + strconv.Itoa(port) + ", tls: none, from: a@b.id, username: a, password: b}": "cara masuk",
	} {
		got := runWith(t, "", "mail", "test", "--to", "siti@contoh.go.id", "--config", file(settings))
		if got.status == 0 {
			t.Errorf("%s succeeds", settings)
		}
		got.expect(t, got.status, words)
	}
}
