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

// Nation is the demo nation: a hub that knows every agency, and the providers'
// applications, servers of their own.
type Nation struct {
	Hub         *app.Hub
	Mailbox     *mailbox.Mailbox // gets all of the hub's mail
	Credentials Credentials
	Provisioned time.Duration // that this start took to register what was missing
	Example     Citizen       // somebody to try CekNIK with
	Health      string        // base URL of the health agency's application, for whoever publishes it

	// Secret is by which the providers know the hub, another one at every start.
	// Whoever publishes the health agency's application gives it to the hub.
	Secret simpul.Secret

	servers []*server // the providers' applications
}

// server is an application of a provider, on a port of its own.
type server struct {
	http   *http.Server
	served chan error
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
		ID: "Negara contoh: izin dan panggilan di sini nyata jalannya; penduduknya dan sebagian riwayatnya rekaan.",
		EN: "Demo nation: grants and calls really work here; the citizens and a part of the history are invented.",
	}
	hub.Screens, hub.Footer = mailPages{box}.register, []web.NavItem{mailLink()}
	if err := hub.Rehearse(); err != nil {
		return nil, errors.Join(err, hub.Close(), box.Close())
	}
	n := &Nation{Hub: hub, Mailbox: box, Secret: "Bearer " + simpul.NewSecret("sph_")}
	upstream, err := n.startProvider(regions)
	if err == nil {
		n.Health, err = n.serve(hubOnly(n.Secret, HealthProvider(regions)))
	}
	if err == nil {
		err = n.provision(ctx, c.Data, regions, upstream)
	}
	if err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// startProvider serves Kemendagri's application and returns its base URL.
func (n *Nation) startProvider(regions *Regions) (string, error) {
	citizens := SyntheticCitizens(regions)
	n.Example = citizens[0]
	n.Hub.Citizens = trackedCitizens(citizens)
	return n.serve(hubOnly(n.Secret, olderVillages(Provider(regions, citizens))))
}

// serve runs a provider's application on a free port of this machine and returns
// its base URL.
func (n *Nation) serve(application http.Handler) (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("start the provider: %w", err)
	}
	s := &server{&http.Server{Handler: application, ReadHeaderTimeout: 10 * time.Second}, make(chan error, 1)}
	n.servers = append(n.servers, s)
	go func() { s.served <- s.http.Serve(listener) }()
	return "http://" + listener.Addr().String(), nil
}

func (n *Nation) provision(ctx context.Context, data string, regions *Regions, upstream string) error {
	start := time.Now()
	p := provisioner{n.Hub, simpul.TheHub(), n.Secret}
	if err := p.register(ctx, regions, upstream); err != nil {
		return err
	}
	if err := p.health(ctx, n.Health); err != nil {
		return err
	}
	if err := p.invent(ctx, n.Hub.Citizens); err != nil {
		return err
	}
	n.Provisioned = time.Since(start)
	var err error
	n.Credentials, err = credentials(ctx, n.Hub, p.operator, data)
	return err
}

// Close stops the providers and closes the hub.
func (n *Nation) Close() error {
	var errs []error
	for _, s := range n.servers {
		errs = append(errs, s.http.Close())
		if err := <-s.served; !errors.Is(err, http.ErrServerClosed) {
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
