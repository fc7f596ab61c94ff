// Package conf makes scenarios of the configurations of real servers.
//
//	nginx.conf ──crossplane──▶ directives ──choose a server, a location──▶ Draft ──▶ YAML
//	httpd.conf ──readHTTPD───▶ (sections, includes) ──which MPM, which virtual host──▶ (fields with reasons,
//	   ▲                                                                               what was ignored)
//	   └─ Source: a tree of files, on a disk or not
//
// Nothing is guessed silently: each field has a comment that names its directive, file and line; what the configuration does
// not say and the scenario needs is an assumption in a comment; what no field stands for is listed at the end. nginx's syntax is
// read by nginx's own crossplane; for Apache httpd no Go library is kept, so that httpdread.go reads it, following
// server/config.c and server/util.c (ap_getword_conf, ap_cfg_getline).
package conf
