import "./tokens.css";
import "./base.css";
import "./controls.css";
import "./layers.css";
import "./content.css";
import "./tables.css";
import "./states.css";
import "./frame.css";
