package demo

import (
	"mime"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/mail/mailbox"
	"simpul/internal/platform/web"
)

// MailPath is where the mail of the demo nation can be read.
const MailPath = "/demo/surat"

// openMailbox starts the mailbox and returns the settings that send to it. Mail
// of the demo never leaves this process, whatever was configured.
func openMailbox() (*mailbox.Mailbox, config.Mail, error) {
	box, err := mailbox.Open("127.0.0.1:0", clock.System)
	if err != nil {
		return nil, config.Mail{}, err
	}
	host, port := box.Address()
	return box, config.Mail{Host: host, Port: port, TLS: "none", From: "Simpul negara contoh <simpul@" + string(Operator) + ">"}, nil
}

// mailPages are the screens of the mailbox.
type mailPages struct{ box *mailbox.Mailbox }

func (p mailPages) register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+MailPath, p.list)
	mux.HandleFunc("GET "+MailPath+"/{id}", p.message)
}

func (p mailPages) list(w http.ResponseWriter, r *http.Request) {
	web.Render(w, r, http.StatusOK, mailListPage(p.box.Messages()))
}

func (p mailPages) message(w http.ResponseWriter, r *http.Request) {
	m, ok := p.box.Message(r.PathValue("id"))
	if !ok {
		web.Fail(w, r, simpul.NotFound(simpul.Text{ID: "Surat", EN: "Message"}, r.PathValue("id")))
		return
	}
	web.Render(w, r, http.StatusOK, mailPage(m))
}

// mailLink leads to the mailbox from the foot of every screen.
func mailLink() web.NavItem {
	return web.NavItem{Label: simpul.Text{ID: "Kotak surat tiruan", EN: "Mock mailbox"}, Href: MailPath}
}

// spelledOut decodes what a header field wrote in ASCII only (RFC 2047).
func spelledOut(field string) string {
	if text, err := (&mime.WordDecoder{}).DecodeHeader(field); err == nil {
		return text
	}
	return field
}

func isAddress(line string) bool {
	return (strings.HasPrefix(line, "http://") || strings.HasPrefix(line, "https://")) && !strings.ContainsAny(line, " \t")
}
