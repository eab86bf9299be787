package identity

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// newRole is the path segment of the form for a role that there is not yet. A
// role can have that name, but is then edited over the API only.
const newRole = "baru"

type rolesView struct {
	Specs map[simpul.Role]simpul.RoleSpec
	Names []simpul.Role
	May   bool // edit
	Done  bool
}

func (p *PeoplePages) roles(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	specs, names, err := p.service.RoleSpecs(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, rolesPage(rolesView{Specs: specs, Names: names, May: visitor.Can(simpul.WriteRoles), Done: r.URL.Query().Get("hasil") != ""}))
}

type roleView struct {
	New   bool
	Name  string
	Spec  RoleSpec
	Fault *simpul.Error
}

func (p *PeoplePages) roleForm(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	name := r.PathValue("role")
	if name == newRole {
		web.Render(w, r, http.StatusOK, rolePage(roleView{New: true, Spec: RoleSpec{Reach: simpul.ReachAgency, Permissions: []simpul.Permission{simpul.OwnAccount}}}))
		return
	}
	stored, err := p.service.Roles().Get(r.Context(), visitor, name)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, rolePage(roleView{Name: name, Spec: stored.Spec}))
}

func (p *PeoplePages) putRole(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	v := roleView{Name: r.PathValue("role"), New: r.PathValue("role") == newRole}
	if v.New {
		v.Name = strings.TrimSpace(r.PostForm.Get("name"))
	}
	if r.PostForm.Get("tindakan") == "hapus" {
		p.roleDone(w, r, v, p.service.Roles().Delete(r.Context(), visitor, v.Name))
		return
	}
	v.Spec = RoleSpec{Title: Title{strings.TrimSpace(r.PostForm.Get("title_id")), strings.TrimSpace(r.PostForm.Get("title_en"))}, Reach: simpul.Reach(r.PostForm.Get("reach"))}
	for _, permission := range simpul.AllPermissions() {
		if slices.Contains(r.PostForm["permission"], string(permission)) {
			v.Spec.Permissions = append(v.Spec.Permissions, permission)
		}
	}
	err := p.nameIsFree(r, visitor, v)
	if err == nil {
		_, err = p.service.Roles().Put(r.Context(), visitor, v.Name, v.Spec, false)
	}
	p.roleDone(w, r, v, err)
}

// nameIsFree keeps a new role from replacing one that exists.
func (p *PeoplePages) nameIsFree(r *http.Request, visitor simpul.Principal, v roleView) error {
	if !v.New {
		return nil
	}
	_, err := p.service.Roles().Get(r.Context(), visitor, v.Name)
	switch simpul.CodeOf(err) {
	case simpul.CodeNotFound:
		return nil
	case "":
		return simpul.Invalid("metadata.id",
			simpul.Text{ID: "Peran dengan nama ini sudah ada.", EN: "There is a role with this name already."},
			simpul.Text{ID: "Pilih nama lain, atau ubah peran yang ada.", EN: "Choose another name, or edit the role that exists."})
	}
	return err
}

func (p *PeoplePages) roleDone(w http.ResponseWriter, r *http.Request, v roleView, err error) {
	fault, ok := errors.AsType[*simpul.Error](err)
	switch {
	case ok && fault.Code != simpul.CodeNotFound:
		v.Fault = fault
		web.Render(w, r, httpapi.Status(fault.Code), rolePage(v))
	case err != nil:
		web.Fail(w, r, err)
	default:
		http.Redirect(w, r, RolesPath+"?hasil=peran", http.StatusSeeOther)
	}
}
