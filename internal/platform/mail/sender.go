package mail

import (
	"context"
	"crypto/tls"
	"net"

	gomail "github.com/wneessen/go-mail"

	"simpul"
)

// Sender sends messages through one relay. Each goes over a connection of its
// own: mail of a hub is rare, and a relay that restarted is not noticed.
type Sender struct {
	settings Settings
	from     Address
	tls      *tls.Config
}

// New checks the settings; it does not connect yet.
func New(s Settings) (*Sender, error) {
	s = s.complete()
	if err := s.validate(); err != nil {
		return nil, err
	}
	from, err := ParseAddress(s.From)
	return &Sender{s, from, &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}}, err
}

// Send hands the message to the relay. When it returns nil the relay is
// responsible for it. When ctx ends while the relay has the message already but
// has not said so, it may have been taken all the same.
func (s *Sender) Send(ctx context.Context, m Message) error {
	if _, err := ParseAddress(m.To.Email); err != nil {
		return err
	}
	if err := m.check(); err != nil {
		return unfit(err)
	}
	msg, err := m.compose(s.from)
	if err != nil {
		return unfit(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // lets go of the connection in any case
	client, err := s.client(ctx)
	if err != nil {
		return unfit(err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return classify(err)
	}
	return nil
}

func (s *Sender) client(ctx context.Context) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(s.settings.Port),
		gomail.WithTimeout(s.settings.Timeout),
		gomail.WithTLSConfig(s.tls),
		gomail.WithHELO(s.from.domain()),
		gomail.WithDialContextFunc(s.dial(ctx)),
	}
	switch s.settings.TLS {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case TLS:
		options = append(options, gomail.WithSSL())
	case NoTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if s.settings.Username != "" {
		options = append(options,
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin),
			gomail.WithUsername(s.settings.Username), gomail.WithPassword(s.settings.Password.Reveal()))
	}
	return gomail.NewClient(s.settings.Host, options...)
}

// dial connects, and closes the connection when whole ends, at whatever step of
// the conversation that is.
func (s *Sender) dial(whole context.Context) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(whole, func() { conn.Close() })
		if s.settings.TLS != TLS {
			return conn, nil
		}
		secure := tls.Client(conn, s.tls)
		return secure, secure.HandshakeContext(ctx)
	}
}

func unfit(err error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Err: err,
		Message: simpul.Text{ID: "Surel ini tidak dapat ditulis.", EN: "This message cannot be written."},
		Remedy:  simpul.Text{ID: "Laporkan kepada pengelola hub.", EN: "Report it to the operator of the hub."},
	}
}
