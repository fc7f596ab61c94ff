package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"keepalive/scenarios/conf"
)

func importCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Make a scenario of a real server's configuration",
		Long: `Make a scenario of something real. Each kind has a command of its own.

Nothing is guessed silently: comments in the scenario name the directive, file and line behind each field, and what is assumed.
What no field stands for is listed at its end.`,
		Example: `  keepalive import nginx /etc/nginx/nginx.conf -o mine.yaml
  keepalive import httpd /etc/apache2/apache2.conf
  keepalive import nginx --help`,
		Args: func(c *cobra.Command, args []string) error {
			var kinds []string
			for _, k := range c.Commands() {
				kinds = append(kinds, k.Name())
			}
			got := "none"
			if len(args) > 0 {
				got = args[0]
			}
			return fmt.Errorf("import: want one of %s, got %s; for example: keepalive import nginx /etc/nginx/nginx.conf", strings.Join(kinds, ", "), got)
		},
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	c.AddCommand(importNGINXCommand(), importHTTPDCommand())
	return c
}

// confFlags are the flags of the commands that read a server's configuration.
type confFlags struct {
	opt  conf.Options
	root string
	out  string
}

func (f *confFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.opt.Server, "server", "", "take the server of this name, not the one that answers unknown names")
	c.Flags().StringVar(&f.root, "root", "", "the tree that FILE and its absolute paths lie in, such as an unpacked image")
	c.Flags().IntVar(&f.opt.CPUs, "cpus", 0, "cores of the machine (default 2, as an assumption)")
	c.Flags().StringVarP(&f.out, "output", "o", "", "write the scenario to this file, not to standard output")
}

// draw reads the configuration and writes the scenario.
func (f *confFlags) draw(c *cobra.Command, file string, read func(conf.Source, conf.Options) (*conf.Draft, error)) error {
	if f.opt.CPUs < 0 || f.opt.CPUs > 1024 {
		return fmt.Errorf("--cpus: want 1 to 1024, got %d", f.opt.CPUs)
	}
	src, name, err := f.source(file)
	if err != nil {
		return err
	}
	f.opt.File = name
	draft, err := read(src, f.opt)
	if err != nil {
		return err
	}
	text, err := draft.YAML()
	if err != nil {
		return err
	}
	switch draft.Ignored {
	case 0:
	case 1:
		fmt.Fprintln(c.ErrOrStderr(), "one directive has no field: the comment at the end names it")
	default:
		fmt.Fprintf(c.ErrOrStderr(), "%d directives have no field: the comments at the end list them\n", draft.Ignored)
	}
	if f.out == "" {
		_, err = c.OutOrStdout().Write(text)
	} else {
		err = os.WriteFile(f.out, text, 0o644)
	}
	if err != nil {
		return failed{err}
	}
	return nil
}

// source is the tree that a file lies in, and its path there.
func (f *confFlags) source(file string) (conf.Source, string, error) {
	if file == stdin {
		return conf.Source{}, "", fmt.Errorf("want a path, got -: a configuration includes files that lie beside it")
	}
	if f.root != "" {
		if info, err := os.Stat(f.root); err != nil || !info.IsDir() {
			return conf.Source{}, "", fmt.Errorf("--root %s: want a directory", f.root)
		}
		return conf.Source{Files: os.DirFS(f.root)}, filepath.ToSlash(file), nil
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		return conf.Source{}, "", err
	}
	volume := filepath.VolumeName(abs)
	return conf.Source{Files: os.DirFS(volume + string(filepath.Separator))}, filepath.ToSlash(strings.TrimPrefix(abs, volume)), nil
}

func importNGINXCommand() *cobra.Command {
	var f confFlags
	c := &cobra.Command{
		Use:   "nginx FILE",
		Short: "Make a scenario of an nginx configuration",
		Long: `Make a scenario of an nginx configuration: FILE is the main nginx.conf, whose includes are read too.

Of several servers the one that answers unknown names is taken, or the one of --server; of its locations that of /. What the
clients want is a placeholder, since no configuration says it.`,
		Example: `  keepalive import nginx /etc/nginx/nginx.conf
  keepalive import nginx /etc/nginx/nginx.conf --server shop.example --cpus 8 -o shop.yaml
  keepalive import nginx --root unpacked-image /etc/nginx/nginx.conf --nginx-version 1.30.0`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			if v := f.opt.Version; v != "" && !regexp.MustCompile(`^\d+\.\d+(\.\d+)?$`).MatchString(v) {
				return fmt.Errorf("--nginx-version: want a version such as 1.29.7, got %s", v)
			}
			return f.draw(c, args[0], conf.NGINX)
		},
	}
	f.add(c)
	c.Flags().StringVar(&f.opt.Version, "nginx-version", "", "version of nginx, by which defaults differ (default before 1.29.7, as an assumption)")
	return c
}

func importHTTPDCommand() *cobra.Command {
	var f confFlags
	var defines []string
	c := &cobra.Command{
		Use:   "httpd FILE",
		Short: "Make a scenario of a configuration of Apache httpd",
		Long: `Make a scenario of a configuration of Apache httpd: FILE is the main httpd.conf or apache2.conf, whose includes are read too.

Which MPM is loaded decides how connections are served. Of several virtual hosts the first is taken, or the one of --server. What
the clients want is a placeholder, since no configuration says it.`,
		Example: `  keepalive import httpd /etc/apache2/apache2.conf
  keepalive import httpd /etc/httpd/conf/httpd.conf --server shop.example -o shop.yaml
  keepalive import httpd --root unpacked-image /etc/apache2/apache2.conf --define TIMEOUT=5`,
		Args: wants(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			f.opt.Defines = map[string]string{}
			for _, d := range defines {
				name, value, _ := strings.Cut(d, "=")
				f.opt.Defines[name] = value
			}
			return f.draw(c, args[0], conf.HTTPD)
		},
	}
	f.add(c)
	c.Flags().StringArrayVar(&defines, "define", nil, "a variable of the configuration, as in --define TIMEOUT=5, or a name for IfDefine (may be repeated)")
	return c
}
