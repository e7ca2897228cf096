import { prepareCode } from "./code.js";
import { prepareLists } from "./fields.js";

prepareCode(document);
prepareLists(document);
