package feasibility

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"simpul"
)

// reachFurther makes one call to each further origin, all at one time: whoever gets
// calls once the LID is published must be there. Any answer will do, since the
// credential was made for the upstream and is not shown to others. A canary may not
// run yet, and loses its calls by itself if it does not.
func (t *test) reachFurther(ctx context.Context, c *Check) {
	ctx, cancel := context.WithTimeout(ctx, orUsual(t.Limits.Call, callTimeout))
	defer cancel()
	failed := make([]error, len(t.subject.Further))
	var all sync.WaitGroup
	for i, o := range t.subject.Further {
		all.Go(func() { failed[i] = t.reach(ctx, o) })
	}
	all.Wait()
	for i, o := range t.subject.Further {
		if failed[i] != nil {
			t.unreached(c, o)
		}
	}
}

func (t *test) reach(ctx context.Context, o Origin) error {
	s := t.first()
	r, err := s.request(ctx)
	if err != nil {
		return err
	}
	_, err = t.ask(o.URL, r, s, 0)
	return err
}

func (t *test) unreached(c *Check, o Origin) {
	what := say("Alamat ini tidak menjawab panggilan hub.", "This address does not answer the hub's call.")
	remedy := say("Jalankan layanannya di sana, periksa alamat, port, dan sertifikatnya, dan buka firewall untuk alamat hub; atau hapus alamat itu.", "Run the service there, check the address, its port and certificate, and open the firewall for the hub's address; or remove the address.")
	if strings.HasPrefix(o.Place, canaryPlace) {
		c.warn(o.Place, what, remedy)
		return
	}
	c.fail(o.Place, what, remedy)
}

// lookFurther looks at where a further origin is, and whether it is reached
// without encryption.
func (t *test) lookFurther(ctx context.Context, c *Check, o Origin) {
	ctx, cancel := context.WithTimeout(ctx, orUsual(t.Limits.Call, callTimeout))
	defer cancel()
	found, err := t.Resolver.LookupNetIP(ctx, "ip", o.URL.Hostname())
	switch {
	case err != nil || len(found) == 0:
		c.fail(o.Place, say("Nama server itu tidak ditemukan di DNS.", "The name of that server is not found in DNS."),
			say("Periksa ejaannya; namanya harus dikenal di jaringan tempat hub berjalan.", "Check its spelling; the name must be known in the hub's network."))
	case slices.ContainsFunc(found, func(a netip.Addr) bool { return !simpul.Callable(a) }):
		c.fail(o.Place, say("Alamat itu bukan alamat yang boleh dipanggil hub.", "That address is none that the hub may call."),
			say("Gunakan alamat server sungguhan; alamat link-local, multicast, dan metadata awan ditolak.", "Use the address of a real server; link-local, multicast and cloud metadata addresses are refused."))
	case o.URL.Scheme == "http":
		t.lookPlain(c, o.Place, private(found))
	}
}
