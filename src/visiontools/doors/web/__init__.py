"""The web application: the workbench's pages and the HTTP API, behind one set of guards."""
