package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"simpul"
)

// classify says in plain words what a conversation with the relay ended with.
// What the relay wrote stays in Err, for the log: it often repeats addresses.
func classify(err error) error {
	code, enhanced := reply(err)
	switch {
	case code == 535 || code == 534 || code == 530 || code == 538:
		return refusal(simpul.CodeUnauthenticated, err, code, enhanced,
			simpul.Text{ID: "Peladen surel tidak menerima nama pengguna atau kata sandi.", EN: "The mail server does not accept the user name or password."},
			simpul.Text{ID: "Periksa mail.username dan mail.password.", EN: "Check mail.username and mail.password."})
	case code >= 500:
		return permanent(err, code, enhanced)
	case code >= 400:
		return refusal(simpul.CodeLimited, err, code, enhanced,
			simpul.Text{ID: "Peladen surel belum mau menerima surel ini.", EN: "The mail server does not take this message yet."},
			simpul.Text{ID: "Hub mencoba lagi sendiri; tidak perlu berbuat apa-apa.", EN: "The hub tries again by itself; nothing is to be done."})
	}
	return unreachable(err)
}

// permanent tells the refusals apart that a person can act on, by the detail of
// their status (RFC 3463).
func permanent(err error, code int, enhanced string) error {
	message, remedy := simpul.Text{ID: "Peladen surel menolak surel ini.", EN: "The mail server refuses this message."},
		simpul.Text{ID: "Periksa alamat penerima dan alamat pengirim (mail.from).", EN: "Check the receiver's address and the sender's (mail.from)."}
	class, detail, _ := strings.Cut(strings.TrimPrefix(enhanced, "5."), ".")
	switch {
	case class == "1" && (detail == "7" || detail == "8"):
		message, remedy = simpul.Text{ID: "Peladen surel tidak menerima alamat pengirim hub.", EN: "The mail server does not accept the hub's sender address."},
			simpul.Text{ID: "Periksa mail.from.", EN: "Check mail.from."}
	case class == "1":
		message, remedy = simpul.Text{ID: "Alamat surel penerima tidak ada.", EN: "The receiver's address does not exist."},
			simpul.Text{ID: "Betulkan alamat surel orang itu.", EN: "Correct the person's e-mail address."}
	case class == "2":
		message, remedy = simpul.Text{ID: "Kotak surat penerima penuh atau ditutup.", EN: "The receiver's mailbox is full or closed."},
			simpul.Text{ID: "Beri tahu orang itu dengan cara lain.", EN: "Tell the person in another way."}
	case class == "7":
		message, remedy = simpul.Text{ID: "Peladen surel tidak mengizinkan hub mengirim surel ini.", EN: "The mail server does not permit the hub to send this message."},
			simpul.Text{ID: "Minta pengelola peladen surel mengizinkan mail.from dari alamat hub.", EN: "Ask whoever runs the mail server to permit mail.from from the hub's address."}
	}
	return refusal(simpul.CodeInvalid, err, code, enhanced, message, remedy)
}

func refusal(c simpul.Code, err error, code int, enhanced string, message, remedy simpul.Text) error {
	status := strings.TrimSpace(strconv.Itoa(code) + " " + enhanced)
	message.ID, message.EN = message.ID+" ("+status+")", message.EN+" ("+status+")"
	return &simpul.Error{Code: c, Message: message, Remedy: remedy, Err: err}
}

// unreachable is a conversation that ended without a reply.
func unreachable(err error) error {
	e := &simpul.Error{
		Code: simpul.CodeUnavailable, Err: err,
		Message: simpul.Text{ID: "Hubungan dengan peladen surel terputus.", EN: "The connection with the mail server broke off."},
		Remedy:  simpul.Text{ID: "Periksa mail.host, mail.port, mail.tls dan jaringan di antaranya.", EN: "Check mail.host, mail.port, mail.tls and the network between."},
	}
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, notTLS := errors.AsType[tls.RecordHeaderError](err)
	_, unresolved := errors.AsType[*net.DNSError](err)
	operation, _ := errors.AsType[*net.OpError](err)
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case certificate:
		e.Message = simpul.Text{ID: "Sertifikat peladen surel tidak dapat dipercaya.", EN: "The certificate of the mail server cannot be trusted."}
		e.Remedy = simpul.Text{ID: "Periksa apakah mail.host adalah nama pada sertifikatnya, dan apakah penerbitnya dikenal mesin ini.", EN: "Check that mail.host is the name in its certificate, and that this machine knows who issued it."}
	case notTLS:
		e.Message = simpul.Text{ID: "Peladen surel tidak berbicara TLS di port itu.", EN: "The mail server does not speak TLS on that port."}
		e.Remedy = simpul.Text{ID: "Gunakan mail.tls: starttls dengan port 587, atau tls dengan port 465.", EN: "Use mail.tls: starttls with port 587, or tls with port 465."}
	case strings.Contains(err.Error(), "does not support STARTTLS"):
		e.Message = simpul.Text{ID: "Peladen surel tidak menawarkan STARTTLS, jadi surel tidak dikirim.", EN: "The mail server does not offer STARTTLS, so nothing was sent."}
		e.Remedy = simpul.Text{ID: "Gunakan mail.tls: tls dengan port 465, atau peladen yang menawarkannya.", EN: "Use mail.tls: tls with port 465, or a server that offers it."}
	case strings.Contains(err.Error(), "SMTP AUTH") || errors.Is(err, gomail.ErrNoSupportedAuthDiscovered):
		e.Code = simpul.CodeUnauthenticated
		e.Message = simpul.Text{ID: "Peladen surel tidak menawarkan cara masuk yang aman.", EN: "The mail server offers no safe way to authenticate."}
		e.Remedy = simpul.Text{ID: "Periksa mail.tls dan mail.port, atau kosongkan mail.username bila peladen tidak memintanya.", EN: "Check mail.tls and mail.port, or leave mail.username empty if the server does not ask for it."}
	case unresolved:
		e.Message = simpul.Text{ID: "Nama peladen surel tidak ditemukan.", EN: "The name of the mail server cannot be found."}
		e.Remedy = simpul.Text{ID: "Periksa mail.host.", EN: "Check mail.host."}
	case errors.Is(err, context.DeadlineExceeded) || timeout != nil && timeout.Timeout():
		e.Message = simpul.Text{ID: "Peladen surel tidak menjawab pada waktunya.", EN: "The mail server did not answer in time."}
	case operation != nil && operation.Op == "dial":
		e.Message = simpul.Text{ID: "Peladen surel tidak dapat dihubungi.", EN: "The mail server cannot be reached."}
	}
	return e
}

// reply returns the status of the reply that the error holds, and its detail;
// 0 without one.
func reply(err error) (code int, enhanced string) {
	if e, ok := errors.AsType[*gomail.SendError](err); ok && e.ErrorCode() != 0 {
		return e.ErrorCode(), e.EnhancedStatusCode()
	}
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		return e.Code, regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}`).FindString(e.Msg)
	}
	return 0, ""
}

// Summary is one line about a failure, for a log: our words and the reply's
// status, never its text.
func Summary(err error) string {
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		return string(e.Code) + ": " + e.Message.In(simpul.English)
	}
	return fmt.Sprintf("%s: %T", simpul.CodeOf(err), err)
}
