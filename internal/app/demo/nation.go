package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"simpul"
	"simpul/internal/app"
	"simpul/internal/platform/config"
	"simpul/internal/platform/mail/mailbox"
	"simpul/internal/platform/web"
)

// Nation is the demo nation: a hub that knows every agency, and the provider's
// application, a server of its own.
type Nation struct {
	Hub         *app.Hub
	Mailbox     *mailbox.Mailbox // gets all of the hub's mail
	Credentials Credentials
	Provisioned time.Duration // that this start took to register what was missing
	Example     Citizen       // somebody to try CekNIK with

	provider *http.Server
	secret   simpul.Secret // by which the provider knows the hub; another one at every start
	served   chan error
}

// Open builds the nation in the configured data folder. What an earlier start
// registered is kept; only what is missing is added.
func Open(ctx context.Context, c config.Config, regionData string, log *slog.Logger) (*Nation, error) {
	dir, err := FindRegions(regionData)
	if err != nil {
		return nil, err
	}
	regions, err := LoadRegions(dir)
	if err != nil {
		return nil, err
	}
	box, settings, err := openMailbox()
	if err != nil {
		return nil, fmt.Errorf("start the mailbox: %w", err)
	}
	c.Mail = settings
	hub, err := app.Open(ctx, c, log)
	if err != nil {
		return nil, errors.Join(err, box.Close())
	}
	hub.Banner = simpul.Text{
		ID: "Negara contoh: izin dan panggilan di sini nyata jalannya, penduduknya sintetis.",
		EN: "Demo nation: grants and calls really work here; the citizens are synthetic.",
	}
	hub.Screens, hub.Footer = mailPages{box}.register, []web.NavItem{mailLink()}
	n := &Nation{Hub: hub, Mailbox: box}
	upstream, err := n.startProvider(regions)
	if err == nil {
		err = n.provision(ctx, c.Data, regions, upstream)
	}
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// startProvider serves Kemendagri's application on a free port of this machine
// and returns its base URL.
func (n *Nation) startProvider(regions *Regions) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("start the provider: %w", err)
	}
	citizens := SyntheticCitizens(regions)
	n.Example = citizens[0]
	n.secret = "Bearer " + simpul.NewSecret("sph_")
	n.provider = &http.Server{
		Handler:           hubOnly(n.secret, Provider(regions, citizens)),
		ReadHeaderTimeout: 10 * time.Second,
	}
	n.served = make(chan error, 1)
	go func() { n.served <- n.provider.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

func (n *Nation) provision(ctx context.Context, data string, regions *Regions, upstream string) error {
	start := time.Now()
	p := provisioner{n.Hub, simpul.TheHub(), n.secret}
	if err := p.register(ctx, regions, upstream); err != nil {
		return err
	}
	n.Provisioned = time.Since(start)
	var err error
	n.Credentials, err = credentials(ctx, n.Hub, p.operator, data)
	return err
}

// Close stops the provider and closes the hub.
func (n *Nation) Close() error {
	var errs []error
	if n.provider != nil {
		errs = append(errs, n.provider.Close())
		if err := <-n.served; !errors.Is(err, http.ErrServerClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, n.Hub.Close(), n.Mailbox.Close())...)
}

// TemporaryData makes a data folder that remove deletes again.
func TemporaryData() (dir string, remove func(), err error) {
	dir, err = os.MkdirTemp("", "simpul-demo-")
	return dir, func() { os.RemoveAll(dir) }, err
}
